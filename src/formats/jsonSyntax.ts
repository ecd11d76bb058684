/** What may come next: a value, a value or `]`, a key, a key or `}`, a colon, a comma or the closing bracket, nothing. */
type State = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'nothing'

const expectations: Readonly<Record<State, string>> = {
  value: 'a value',
  valueOrEnd: 'a value or ]',
  key: 'a key in double quotes',
  keyOrEnd: 'a key in double quotes or }',
  colon: 'a colon',
  commaOrEnd: 'a comma or the closing bracket',
  nothing: 'nothing after the value',
}

/**
 * Where a text stops being JSON and what would have been right there. JSON.parse itself does not always say
 * (its messages differ between Node versions), so texts it refused are walked again, without recursion.
 */
export function firstSyntaxError(text: string): { readonly offset: number; readonly expected: string } {
  const open: ('{' | '[')[] = []
  const skip = /[ \t\n\r]*/y
  let state: State = 'value'
  let offset = 0
  for (;;) {
    skip.lastIndex = offset
    skip.test(text)
    offset = skip.lastIndex
    const character = text[offset] ?? ''
    const next = step(state, character, open)
    if (next === undefined) return { offset, expected: expectations[state] }
    if (next === 'scalar' || next === 'colon') {
      const end = endOfScalar(text, offset)
      if (end < 0)
        return {
          offset,
          expected: character === '"' ? 'a string that ends on its line, with valid escapes' : expectations[state],
        }
      offset = end
      state = next === 'colon' ? 'colon' : afterValue(open)
    } else {
      offset++
      state = next
    }
  }
}

/** The state after `character`; 'scalar' when a string, number or word begins here; undefined when it may not stand here. */
function step(state: State, character: string, open: ('{' | '[')[]): State | 'scalar' | undefined {
  switch (state) {
    case 'value':
    case 'valueOrEnd':
      if (character === '{' || character === '[') {
        open.push(character)
        return character === '{' ? 'keyOrEnd' : 'valueOrEnd'
      }
      if (character === ']' && state === 'valueOrEnd') return close(open)
      return /["\-0-9tfn]/.test(character) ? 'scalar' : undefined
    case 'key':
    case 'keyOrEnd':
      if (character === '}' && state === 'keyOrEnd') return close(open)
      return character === '"' ? 'colon' : undefined
    case 'colon':
      return character === ':' ? 'value' : undefined
    case 'commaOrEnd':
      if (character === ',') return open.at(-1) === '{' ? 'key' : 'value'
      return character === (open.at(-1) === '{' ? '}' : ']') ? close(open) : undefined
    case 'nothing':
      return undefined
  }
}

function close(open: string[]): State {
  open.pop()
  return afterValue(open)
}

function afterValue(open: readonly string[]): State {
  return open.length ? 'commaOrEnd' : 'nothing'
}

/** Just behind the string, number or word that begins at `offset`; -1 when it is malformed. */
function endOfScalar(text: string, offset: number): number {
  if (text[offset] === '"') return endOfString(text, offset)
  const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y
  scalar.lastIndex = offset
  return scalar.test(text) ? scalar.lastIndex : -1
}

function endOfString(text: string, offset: number): number {
  const piece = /[ !#-[\]-\uffff]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
  piece.lastIndex = offset + 1
  let end = offset + 1
  while (piece.test(text)) end = piece.lastIndex
  return text[end] === '"' ? end + 1 : -1
}
