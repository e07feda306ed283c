import { test } from "vitest";
import { VitestTestRunner } from "vitest/runners";

/**
 * For the mutation runner, which counts tests alone: a mutant with which a file cannot even be imported would pass as
 * one that no test noticed. Here such a file has one test, which fails.
 */
export default class ImportIsTested extends VitestTestRunner {
  override async importFile(
    ...[path, source]: Parameters<VitestTestRunner["importFile"]>
  ): Promise<void> {
    try {
      await super.importFile(path, source);
    } catch (error) {
      if (source !== "collect") throw error;
      test("can be imported", () => {
        throw error;
      });
    }
  }
}
