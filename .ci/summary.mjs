// Usage: node summary.mjs <report of jest --json> <exit status of the test command>
import { readFileSync } from 'node:fs';

const [reportFile, testStatus] = process.argv.slice(2);

/** A suite that cannot be loaded has no tests to count, so it counts as one failure itself. */
function countResults(report) {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The report is empty or cut short when the runner never started or was killed. */
function readReport() {
  try {
    return countResults(JSON.parse(readFileSync(reportFile, 'utf8')));
  } catch (error) {
    console.log(`There is no report of the tests: ${error.message}`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

const { passed, failed, skipped } = readReport();

let exitCode = Number(testStatus);
if (exitCode !== 0 && failed === 0) console.log(`The test command failed with status ${exitCode}; see above.`);
if (passed + failed === 0) console.log('No test was executed.');
if (failed > 0 || passed === 0) exitCode ||= 1;

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = exitCode;
