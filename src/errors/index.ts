export { catalogue, type ErrorCode, exitCodes } from './catalogue.js'
export { fail, InternalError, type Problem, Problems, UserError } from './errors.js'
export { didYouMean, nearNames } from './near.js'
export { formatBytes, formatCount, formatSeconds } from './quantities.js'
