export { type CertifyOptions, certify, type LowerBound } from './bounds/certify.js'
