import { describe, expect, test } from 'vitest'
import { shippedCollectiveTables } from '../../src/cli/collectiveTables.js'
import { runTables } from '../../src/cli/runTables.js'
import { UserError } from '../../src/errors/index.js'
import { readCollectiveRequest } from '../../src/formats/collectiveRequest.js'
import { answerCollective } from '../../src/verbs/answerCollective.js'

const { references } = runTables()
const tables = shippedCollectiveTables()
const read = (value: unknown) => readCollectiveRequest(value, 'line 1', references)
const line = { id: '1', collective: 'all-reduce', bytes: 2 ** 20, cluster: { device: 'a100', devices: 16 } }
const exchange = {
  collective: 'moe-dispatch',
  tokens: 128,
  hidden: 7168,
  topK: 8,
  experts: 256,
  cluster: { device: 'h800', devices: 16 },
}

const problemOf = (value: unknown) => {
  try {
    read(value)
  } catch (error) {
    if (error instanceof UserError) return error.problems
    throw error
  }
  throw new Error('nothing is wrong')
}

describe('readCollectiveRequest', () => {
  test('fills in the usual host of the device', () => {
    const { cluster } = read(line)
    expect(cluster).toMatchObject({ devicesPerHost: 8, domainDevices: 8, interHostBytesPerSecond: 2e11 })
    expect(read({ ...line, cluster: { device: 'gb200', devices: 16 } }).cluster.domainDevices).toBe(72)
  })

  test('takes a preset by its name', () => {
    expect(read({ ...line, cluster: '2xh100x8' }).cluster).toMatchObject({ devices: 16, devicesPerHost: 8 })
  })

  test.each([
    [{ ...line, bytes: undefined }, 'E105', '/bytes'],
    [{ ...line, bytes: -1 }, 'E105', '/bytes'],
    [{ ...line, collective: 'all_reduce' }, 'E105', '/collective'],
    [{ ...line, collective: undefined }, 'E105', '/collective'],
    [null, 'E105', '/collective'],
    [{ ...line, cluster: undefined }, 'E105', '/cluster'],
    [{ ...line, cluster: { device: 'a100' } }, 'E105', '/cluster/devices'],
    [{ ...line, cluster: { device: 'h10', devices: 8 } }, 'E501', '/cluster/device'],
    [{ ...exchange, tokens: undefined }, 'E105', '/tokens'],
    [{ ...exchange, dtype: 'int7' }, 'E105', '/dtype'],
    [{ ...exchange, topK: 300 }, 'E204', '/topK'],
  ])('%j: %s at %s', (value, code, pointer) => {
    const [problem] = problemOf(value)
    expect(problem.code).toBe(code)
    expect(problem.where).toContain(pointer)
  })

  test('tells near names', () => {
    expect(problemOf({ ...line, collective: 'all_reduce' })[0].fix).toMatch(/all-reduce/)
    expect(problemOf({ ...line, cluster: { device: 'h10', devices: 8 } })[0].fix).toMatch(/h100/)
  })

  test('says all that is wrong at once', () => {
    expect(problemOf({ ...exchange, tokens: 0, hidden: 'x' })).toHaveLength(2)
  })
})

describe('answerCollective', () => {
  test('answers every collective, of one device and of many', () => {
    for (const collective of ['all-reduce', 'all-gather', 'reduce-scatter', 'all-to-all', 'broadcast', 'send'])
      for (const devices of [1, 2, 8, 16, 1000]) {
        const { seconds } = answerCollective(
          read({ ...line, collective, cluster: { device: 'h100', devices } }),
          tables,
        )
        expect(Number.isFinite(seconds)).toBe(true)
        expect(seconds > 0).toBe(devices > 1)
      }
    expect(answerCollective(read(exchange), tables)).toMatchObject({ algorithm: 'pairwise', protocol: 'none' })
  })

  test('sends between hosts at the rate of one card', () => {
    const far = answerCollective(read({ ...line, collective: 'send', bytes: 1e10 }), tables).seconds
    const ampere = tables.generations.find(({ generation }) => generation === 'ampere')!
    expect(far).toBeCloseTo(1e10 / (ampere.dedicatedNetwork.rateShare * 2.5e10), 2)
  })

  test('takes a rack of one interconnect for one host', () => {
    const rack = (devices: number) =>
      answerCollective(read({ ...line, bytes: 1e9, cluster: { device: 'gb200', devices } }), tables)
    expect(rack(72).algorithm).toBe('nvls')
    expect(rack(144).seconds).toBeGreaterThan(rack(72).seconds)
  })
})
