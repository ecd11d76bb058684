export { type PredictedPlacement, predictPlacement } from './placement.js'
