export { readTorchExport } from './readTorchExport.js'
