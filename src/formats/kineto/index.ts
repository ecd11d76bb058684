import type { Trace } from '../../cost/index.js'
import type { Source } from '../source.js'
import { readEvents } from './events.js'
import { traceOf } from './nest.js'

/**
 * A trace of torch.profiler as what ran inside which module. Modules are annotations `mod:PATH`, phases `phase:NAME`, as the launcher's
 * profile pushes them; a trace without them is one call of everything.
 */
export function readKineto(source: Source): Trace {
  return traceOf(readEvents(source))
}
