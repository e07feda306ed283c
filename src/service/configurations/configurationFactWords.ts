import { aboutRow, type FactSubjects, type FactWords } from "../shared/factWords.js";

import type { ConfigurationFactType } from "./configurationFacts.js";

/** What these facts are about. */
export const configurationFactSubjects: FactSubjects<ConfigurationFactType> = {
  ConfigurationCreated: { about: ({ configuration }) => [configuration.id], isLifecycle: true },
  ConfigurationChanged: { about: aboutRow },
  ConfigurationRemoved: { about: aboutRow, isLifecycle: true },
};

/** How these facts read in words. */
export const configurationFactWords: FactWords<ConfigurationFactType> = {
  ConfigurationCreated: ({ configuration: { name, datastoreType, datastoreVersion } }) => ({
    subjectId: "",
    words: `${name} for ${datastoreType} ${datastoreVersion}`,
  }),
  ConfigurationChanged: ({ changes, set, removed }) => {
    const words = [
      ...(changes.name === undefined ? [] : [`is called ${changes.name}`]),
      ...Object.entries(set).map(([name, value]) => `${name} = ${String(value)}`),
      ...removed.map((name) => `without ${name}`),
    ];
    return words.length === 0 ? undefined : { subjectId: "", words: words.join(", ") };
  },
  ConfigurationRemoved: null,
};
