export { type Found, type Outcome, type Outlook, type Predictors, type SearchResult, search } from './search.js'
export { configurations, type Pins, type SearchSpace } from './space.js'
