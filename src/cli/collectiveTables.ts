import type { CollectiveTables } from '../cost/collectives/index.js'
import { readCollectiveTables } from '../formats/collectiveTables.js'
import { shippedModels } from './models.js'

/** The constants of collectives that come with the program. */
export function shippedCollectiveTables(): CollectiveTables {
  const [{ file, value }] = shippedModels('collectives')
  return readCollectiveTables(value, file)
}
