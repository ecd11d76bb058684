import { refusesNothing, type ScheduleKind } from './shape.js'
import { splitBackward } from './zeroBubble.js'

/** The zero-bubble schedule with about twice the memory of 1F1B, which no bubble is left in when F = I = W. */
export const zbH2: ScheduleKind = {
  name: 'zb-h2',
  synonyms: ['zb-2p'],
  chunks: { exactly: 1 },
  refuses: refusesNothing,
  generate: (shape) => splitBackward('zb-h2', shape, 2),
}
