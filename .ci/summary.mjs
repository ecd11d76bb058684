// node .ci/summary.mjs REPORT REPORT_ON_CURRENT_NODE [FAILED_STEP...]: the last line of .ci/run.
// Passed are the tests of the first run; failed are the tests of both and every other step.
import { existsSync, readFileSync } from 'node:fs'

const [report, currentReport, ...failedSteps] = process.argv.slice(2)
const read = (file) =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { numPassedTests: 0, numFailedTests: 0 }
const reportOf = { tests: report, 'tests on Node 24': currentReport }

// A test run that fails without a failed test (it did not start, an error outside any test) counts as one.
const failures = failedSteps.map((name) => Math.max(1, name in reportOf ? read(reportOf[name]).numFailedTests : 1))
console.log(`\n${read(report).numPassedTests} passed, ${failures.reduce((sum, count) => sum + count, 0)} failed`)
