/**
 * Reads damaged files with every reader, each in a process of its own, and says what that took: `node bench/fuzz.mjs [COUNT] [READER...]`
 * (after `npm run build`; 10,000 files a reader by default). Damaged files must be read or refused with an error for users, in
 * at most 10 s of CPU each and 10 x the file + 200 MB above an idle process. Then files made to hurt: large, deep, repetitive.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { hostileFiles } from './lib/hostileFiles.mjs'

const target = { residentBytes: 200e6, perFileByte: 10, seconds: 10 }
const root = new URL('../', import.meta.url)
const script = fileURLToPath(import.meta.url)

if (process.argv[2] === '--damaged') await readDamaged(...process.argv.slice(3))
else if (process.argv[2] === '--hostile') await readHostile(...process.argv.slice(3))
else await compare(process.argv.slice(2))

async function compare(given) {
  const count = Number(given[0] ?? 10_000)
  const folder = mkdtempSync(path.join(tmpdir(), 'stowage-fuzz-'))
  try {
    const seeds = await writeSeeds(folder)
    const wanted = given.length > 1 ? given.slice(1) : [...new Set(seeds.map(({ reader }) => reader))]
    for (const reader of wanted) report(reader, child('--damaged', folder, reader, String(count)), 0)
    if (given.length > 1) return
    for (const { name, bytes } of hostileFiles()) {
      const file = path.join(folder, 'hostile')
      writeFileSync(file, bytes)
      report(name, child('--hostile', file, name.split(' ')[0]), bytes.length)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function report(name, { answer, why }, fileBytes) {
  if (!answer) {
    console.log(`${name}: FAILED ${why}`)
    process.exitCode = 1
    return
  }
  const { files, valid, codes, residentBytes, slowestSeconds, bug } = answer
  const isMet =
    !bug && slowestSeconds <= target.seconds && residentBytes <= target.residentBytes + target.perFileByte * fileBytes
  console.log(
    `${name}: ${files} files, ${valid} read, ${files - valid} refused (${codes}); slowest ${slowestSeconds.toFixed(3)} s of CPU; ` +
      `${(residentBytes / 1e6).toFixed(0)} MB above idle${fileBytes ? ` for ${(fileBytes / 1e6).toFixed(1)} MB` : ''}: ${isMet ? 'met' : 'MISSED'}`,
  )
  if (bug) console.log(bug)
  if (!isMet) process.exitCode = 1
}

function child(...args) {
  const run = spawnSync(process.execPath, ['--expose-gc', script, ...args], {
    encoding: 'utf8',
    timeout: 1_800_000,
    maxBuffer: 1 << 26,
  })
  if (run.status === 0) return { answer: JSON.parse(run.stdout) }
  return { why: `${run.signal ?? `exit ${run.status}`} ${run.stderr.slice(0, 2000)}` }
}

/** The tests' own samples and damage, and small fixtures. */
async function writeSeeds(folder) {
  const { runnerImport, transformWithOxc } = await import('vite')
  const load = async (file) => (await runnerImport(fileURLToPath(new URL(file, root)))).module
  const { fuzzSeeds } = await load('test/formats/fuzzSeeds.ts')
  const mutate = readFileSync(new URL('test/formats/mutate.ts', root), 'utf8')
  writeFileSync(path.join(folder, 'mutate.mjs'), (await transformWithOxc(mutate, 'mutate.ts')).code)
  const seeds = fuzzSeeds((file) => readFileSync(new URL(file, root)))
  const listed = seeds.map(({ reader, bytes }) => ({ reader, base64: Buffer.from(bytes).toString('base64') }))
  writeFileSync(path.join(folder, 'seeds.json'), JSON.stringify(listed))
  return seeds
}

async function readDamaged(folder, reader, countText) {
  const read = await validator(reader)
  const { mutate, randomOf } = await import(path.join(folder, 'mutate.mjs'))
  const seeds = JSON.parse(readFileSync(path.join(folder, 'seeds.json'), 'utf8'))
    .filter((seed) => seed.reader === reader)
    .map(({ base64 }) => Buffer.from(base64, 'base64'))
  const random = randomOf(20260101)
  measure(read, Number(countText), (n) => mutate(new Uint8Array(seeds[n % seeds.length]), random))
}

async function readHostile(file, reader) {
  const read = await validator(reader)
  const bytes = readFileSync(file)
  measure(read, 1, () => bytes)
}

/** Peak memory is that of the process: all files together stay below what one may take. */
function measure(read, files, next) {
  globalThis.gc?.()
  const idle = Math.max(process.memoryUsage.rss(), process.resourceUsage().maxRSS * 1024)
  const codes = new Map()
  let valid = 0
  let slowestSeconds = 0
  let bug
  for (let n = 0; n < files; n++) {
    const bytes = next(n)
    // What earlier files left is not this one's.
    if (process.memoryUsage.rss() > idle + target.residentBytes / 4) globalThis.gc?.()
    const { user, system } = process.cpuUsage()
    try {
      read(bytes)
      valid++
    } catch (error) {
      if (error.code !== undefined && error.problems) codes.set(error.code, (codes.get(error.code) ?? 0) + 1)
      else bug ??= `file ${n}: ${error.stack}`
    }
    const after = process.cpuUsage({ user, system })
    slowestSeconds = Math.max(slowestSeconds, (after.user + after.system) / 1e6)
  }
  const residentBytes = process.resourceUsage().maxRSS * 1024 - idle
  const shown = [...codes].sort().map(([code, count]) => `${count} ${code}`)
  process.stdout.write(JSON.stringify({ files, valid, codes: shown.join(', '), residentBytes, slowestSeconds, bug }))
}

async function validator(reader) {
  const from = (file) => import(new URL(`dist/src/${file}`, root).href)
  const [{ validateFile }, { bytesSource }, { shippedHardware }] = await Promise.all([
    from('verbs/validateFile.js'),
    from('formats/source.js'),
    from('cli/openCluster.js'),
  ])
  const { catalogue } = shippedHardware()
  const bind = new Map([
    ['s0', 2],
    ['batch', 2],
    ['seq', 8],
    ['N', 2],
  ])
  // Without a name, content decides.
  const formatIn = reader === 'detection' ? undefined : reader
  return (bytes) => validateFile(bytesSource('file', bytes), { bind, catalogue, formatIn })
}
