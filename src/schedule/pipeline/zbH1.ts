import { refusesNothing, type ScheduleKind } from './shape.js'
import { splitBackward } from './zeroBubble.js'

/** The zero-bubble schedule within the memory of 1F1B. */
export const zbH1: ScheduleKind = {
  name: 'zb-h1',
  synonyms: ['zb-1p', 'zero-bubble', 'zb'],
  chunks: { exactly: 1 },
  refuses: refusesNothing,
  generate: (shape) => splitBackward('zb-h1', shape, 1),
}
