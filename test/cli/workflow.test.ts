import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { budgets, chain, entry, gitEnv, newRepository, repository } from './gateRepository.js'

const workflow = readFileSync(new URL('../../examples/github-workflow/stowage.yml', import.meta.url), 'utf8')
const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/** Each `run:` of the workflow, and whether it runs though an earlier one failed. */
const steps = workflow
  .split(/^ {6}- /m)
  .slice(1)
  .flatMap((step) => {
    const script = /^ {8}run: (.*)$/m.exec(step)?.[1]
    return script === undefined ? [] : [{ script, always: /^ {8}if: always\(\)$/m.test(step) }]
  })

/** A fork's checkout as actions/checkout leaves it, and a runner that has npx and a file for the summary. */
function pullRequest(factor: number) {
  const origin = newRepository()
  origin.write('stowage.config.json', { plans: [entry], budgets })
  origin.write('models/chain.json', chain())
  origin.commit()
  const checkout = repository(`${origin.folder}-head`)
  origin.git('clone', '-q', `file://${origin.folder}`, checkout.folder)
  checkout.write('models/chain.json', chain(factor))
  checkout.commit()
  const bin = join(`${origin.folder}-bin`)
  mkdirSync(bin)
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${program}" "$@"\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  const summary = join(bin, 'summary')
  const env = { ...gitEnv, PATH: `${bin}:${gitEnv.PATH}`, GITHUB_BASE_REF: 'main', GITHUB_STEP_SUMMARY: summary }
  let failed = false
  let log = ''
  for (const { script, always } of steps) {
    if (failed && !always) continue
    // As runners do: https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstepsshell
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
      cwd: checkout.folder,
      env,
      encoding: 'utf8',
    })
    failed ||= status !== 0
    log += stdout + stderr
  }
  return { failed, log, summary: readFileSync(summary, 'utf8') }
}

test('the workflow has its steps, and asks for no right to write', () => {
  expect(steps.map(({ always }) => always)).toEqual([false, true])
  expect(workflow).not.toMatch(/: write\b|secrets\.|pull_request_target/)
})

test('a slower model fails the job, with an annotation and a summary', () => {
  const { failed, log, summary } = pullRequest(1.05)
  expect(failed).toBe(true)
  expect(log).toMatch(/^::error file=stowage\.config\.json,title=stowage gate%3A chain::step time \+5\.0 %25, limit/m)
  expect(summary).toMatch(/^## stowage gate: 1 of 1 plan failed\n[\s\S]*model differs: chain\.json/)
})

test('a model within its budget passes', () => {
  const { failed, log, summary } = pullRequest(1.01)
  expect([failed, log.includes('::error')]).toEqual([false, false])
  expect(summary).toMatch(/^## stowage gate: 1 plan holds its budgets\n/)
})
