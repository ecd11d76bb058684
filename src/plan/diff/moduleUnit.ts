/**
 * The part of a name that a reader thinks in: down to its first number (transformer.h.3, a layer), else down to a numbered folder (block_3/attn), else its
 * first two steps. Steps end at . or /.
 */
export function moduleUnit(name: string): string {
  let start = 0
  let steps = 0
  let secondEnd = name.length
  let numbered = -1
  for (let i = 0; i <= name.length; i++) {
    const code = i < name.length ? name.charCodeAt(i) : dot
    if (code !== dot && code !== slash) continue
    if (i > start) {
      if (isNumber(name, start, i)) return name.slice(0, i)
      if (numbered < 0 && i < name.length && isDigit(name.charCodeAt(i - 1))) numbered = i
      if (++steps === 2) secondEnd = i
    }
    start = i + 1
  }
  return name.slice(0, numbered < 0 ? secondEnd : numbered)
}

/** The digits that a name ends in, for ranges: transformer.h. and 3. */
export function splitNumber(name: string): { readonly prefix: string; readonly digits: string } {
  let at = name.length
  while (at > 0 && name.length - at < mostDigits && isDigit(name.charCodeAt(at - 1))) at--
  return { prefix: name.slice(0, at), digits: name.slice(at) }
}

/** Held exactly by a double. */
const mostDigits = 15
const dot = 0x2e
const slash = 0x2f

function isNumber(name: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isDigit(name.charCodeAt(i))) return false
  return true
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
