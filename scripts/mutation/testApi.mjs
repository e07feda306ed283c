/**
 * The part of Vitest's interface that the tests of the core use: registration, hooks, `expect`. Registered tests are
 * data, so that one of them can run alone, in the process that holds the mutants.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  customMatchers,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from "@vitest/expect";
import * as chai from "chai";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

function createExpect() {
  const expect = (value, message) => {
    setState({ assertionCalls: getState(expect).assertionCalls + 1 }, expect);
    return chai.expect(value, message);
  };
  Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
  expect.getState = () => getState(expect);
  expect.setState = (state) => setState(state, expect);
  expect.extend = (matchers) => chai.expect.extend(expect, matchers);
  expect.setState({
    assertionCalls: 0,
    isExpectingAssertions: false,
    isExpectingAssertionsError: null,
    expectedAssertionsNumber: null,
    expectedAssertionsNumberErrorGen: null,
  });
  expect.extend(customMatchers);
  return expect;
}

/** A title with `%s`, `%i`, `%j` or `$name`; the index keeps two cases of one title apart. */
function titleOf(pattern, args, index) {
  let next = 0;
  const text = pattern
    .replace(/%[sdifjoO#]/g, (mark) => (mark === "%#" ? String(index) : String(args[next++])))
    .replace(/\$(\w+)/g, (_, key) => String(args[0]?.[key]));
  return `${text} [${index}]`;
}

function bodyOf(rest) {
  const body = rest.find((part) => typeof part === "function");
  if (body === undefined) throw new Error("a test without a function");
  return body;
}

/** `register` of each row of a table, as `test.each` and `describe.each` do. */
function each(register) {
  return (table) =>
    (pattern, ...rest) => {
      const body = bodyOf(rest);
      table.forEach((row, index) => {
        const args = Array.isArray(row) ? row : [row];
        register(titleOf(pattern, args, index), () => body(...args));
      });
    };
}

/** What a test file imports as `vitest`, and `tests()`, all that was registered by it. */
export function createTestApi(expect = createExpect()) {
  const root = { name: "", parent: undefined, hooks: newHooks() };
  const tests = [];
  let suite = root;

  function test(name, ...rest) {
    tests.push({ name: `${path(suite)}${name}`, suite, body: bodyOf(rest) });
  }
  test.each = each(test);

  function describe(name, ...rest) {
    const outer = suite;
    suite = { name, parent: outer, hooks: newHooks() };
    try {
      bodyOf(rest)();
    } finally {
      suite = outer;
    }
  }
  describe.each = each(describe);

  const hook = (kind) => (body) => {
    suite.hooks[kind].push(body);
  };
  return {
    tests,
    module: {
      beforeAll: hook("beforeAll"),
      beforeEach: hook("beforeEach"),
      afterEach: hook("afterEach"),
      afterAll: hook("afterAll"),
      vi: { setConfig() {} },
      chai,
      describe,
      expect,
      it: test,
      test,
    },
  };
}

export { createExpect };

function newHooks() {
  return { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [], ready: false };
}

function path(suite) {
  return suite.parent === undefined ? "" : `${path(suite.parent)}${suite.name} > `;
}

function line(suite) {
  return suite === undefined ? [] : [...line(suite.parent), suite];
}

/** Runs one test with the hooks of its suites; throws what the test throws. */
export async function runTest(test) {
  const suites = line(test.suite);
  for (const { hooks } of suites) {
    if (hooks.ready) continue;
    for (const body of hooks.beforeAll) await body();
    hooks.ready = true;
  }
  for (const { hooks } of suites) for (const body of hooks.beforeEach) await body();
  try {
    await test.body({ onTestFailed() {}, onTestFinished() {} });
  } finally {
    for (const { hooks } of suites.reverse()) for (const body of hooks.afterEach) await body();
  }
}

/** What the suites of these tests have opened is closed. */
export async function closeSuites(tests) {
  for (const suite of new Set(tests.flatMap((test) => line(test.suite)).reverse())) {
    if (suite.hooks.ready) for (const body of suite.hooks.afterAll) await body();
  }
}
