import { distance } from 'fastest-levenshtein'

/** The candidates nearest to what was typed, best first, for did-you-mean; empty when nothing is close. */
export function nearNames(typed: string, candidates: Iterable<string>, count = 3): string[] {
  const wanted = typed.toLowerCase()
  if (wanted === '') return []
  const limit = Math.max(2, Math.ceil(wanted.length * 0.4))
  const scored: [number, string][] = []
  for (const name of candidates) {
    const lower = name.toLowerCase()
    if (lower === '') continue
    const edits = lower.includes(wanted) || wanted.includes(lower) ? 1 : distance(wanted, lower)
    if (edits <= limit) scored.push([edits, name])
  }
  scored.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0))
  return scored.slice(0, count).map(([, name]) => name)
}

/** "did you mean a, b or c?" or an empty string. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const near = nearNames(typed, candidates)
  if (near.length === 0) return ''
  const last = near.pop()
  return `did you mean ${near.length ? `${near.join(', ')} or ${last}` : last}?`
}
