import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { readPlacementMap } from '../../src/formats/placementMap.js'

function problemsOf(document: unknown) {
  try {
    readPlacementMap(document, 'map.json')
  } catch (error) {
    if (error instanceof UserError) return error.problems
    throw error
  }
  throw new Error('was accepted')
}

describe('readPlacementMap', () => {
  test('reads an object and a list alike, whatever the names', () => {
    const object = JSON.parse('{ "a": 0, "__proto__": 2, "constructor": 1, "": 3 }')
    const list = [
      ['a', 0],
      ['__proto__', 2],
      ['constructor', 1],
      ['', 3],
    ]
    expect([...readPlacementMap(object, 'map.json')]).toEqual(list)
    expect([...readPlacementMap(list, 'map.json')]).toEqual(list)
  })

  test('an empty map is a map', () => {
    expect(readPlacementMap({}, 'map.json').size).toBe(0)
    expect(readPlacementMap([], 'map.json').size).toBe(0)
  })

  test.each([
    ['a negative device', { a: -1 }, '/a'],
    ['half a device', { a: 0.5 }, '/a'],
    ['a device by name', { a: 'gpu0' }, '/a'],
    ['no device', { a: null }, '/a'],
    ['an entry without device', [['a']], '/a'],
    ['an entry without op', [[0, 1]], ''],
    ['an entry that is no list', ['a'], ''],
    ['a number', 7, ''],
    ['nothing', null, ''],
  ])('E105: %s', (_what, document, pointer) => {
    expect(problemsOf(document)[0]).toMatchObject({ code: 'E105', where: `map.json#${pointer}` })
  })

  test('E202: an op placed twice', () => {
    expect(
      problemsOf([
        ['a', 0],
        ['a', 1],
      ]),
    ).toMatchObject([{ code: 'E202', message: 'a is placed twice', where: 'map.json' }])
  })
})
