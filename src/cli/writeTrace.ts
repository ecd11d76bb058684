import { type Trace, traceText } from '../report/traceEvents.js'
import { atomicWrite } from './atomicWrite.js'

/** Writes a trace-event file; returns what to say of it. */
export function writeTrace(file: string, trace: Trace): string {
  atomicWrite(file, traceText(trace))
  return `Wrote ${file}: open it in https://ui.perfetto.dev`
}
