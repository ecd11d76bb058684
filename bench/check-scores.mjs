// node bench/check-scores.mjs SCORES_DIR [NAME...] [--update]
// Runs the scripts that bench/baselines/NAME.json describe (bench/... is ours, others are of SCORES_DIR), reads their summary figures
// and fails when one is worse than its baseline beyond the tolerance. --update writes what was measured as the new baseline.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const baselines = new URL('baselines/', import.meta.url)
const update = process.argv.includes('--update')
const [scores, ...wanted] = process.argv.slice(2).filter((argument) => argument !== '--update')
if (scores === undefined) {
  console.error('usage: node bench/check-scores.mjs SCORES_DIR [NAME...] [--update]')
  process.exit(2)
}

// A baseline without a script to run is its own benchmark's to compare with.
const all = readdirSync(baselines)
  .filter((name) => 'run' in JSON.parse(readFileSync(new URL(name, baselines), 'utf8')))
  .map((name) => path.basename(name, '.json'))
let worse = 0
for (const name of wanted.length ? wanted : all) worse += check(name)
process.exitCode = worse ? 1 : 0

/** Prints the script's own report and a line for each figure; returns how many became worse. */
function check(name) {
  const file = new URL(`${name}.json`, baselines)
  const baseline = JSON.parse(readFileSync(file, 'utf8'))
  const [script, ...rest] = baseline.run
  const isOurs = script.startsWith('bench/')
  const where = isOurs ? fileURLToPath(new URL(`../${script}`, import.meta.url)) : path.join(scores, script)
  const { stdout, stderr } = spawnSync(process.execPath, [where, ...rest], { encoding: 'utf8' })
  process.stdout.write(stdout + stderr)
  let count = 0
  for (const figure of baseline.figures) {
    const found = new RegExp(figure.pattern, 'm').exec(stdout)
    const measured = found ? Number(found[1]) : Number.NaN
    const loss = figure.better === 'higher' ? figure.value - measured : measured - figure.value
    const ok = loss <= figure.tolerance
    if (!ok) count++
    console.log(`${ok ? 'ok  ' : 'WORSE'} ${name}: ${figure.name} ${measured}, baseline ${figure.value}`)
    if (found) figure.value = measured
  }
  if (update) writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`)
  return update ? 0 : count
}
