import { aboutRow, errorWords, type FactSubjects, type FactWords } from "../shared/factWords.js";
import type { Instance } from "./instance.model.js";

import type { InstanceFactType } from "./instanceFacts.js";

/** What these facts are about. */
export const instanceFactSubjects: FactSubjects<InstanceFactType> = {
  InstanceCreated: { about: ({ instance }) => [instance.id], isLifecycle: true },
  InstanceStateEntered: { about: aboutRow, isLifecycle: true },
  InstanceChanged: { about: aboutRow },
  InstanceRemoved: { about: aboutRow, isLifecycle: true },
};

/** How these facts read in words. */
export const instanceFactWords: FactWords<InstanceFactType> = {
  InstanceCreated: ({ instance }) => ({ subjectId: instance.id, words: sizeWords(instance) }),
  InstanceStateEntered: errorWords,
  InstanceChanged: ({ id, changes }) => {
    const words = changeWords(changes);
    return words === "" ? undefined : { subjectId: id, words };
  },
  InstanceRemoved: null,
};

function sizeWords({ datastoreType, datastoreVersion, flavorId, volumeGb }: Instance): string {
  return `${datastoreType} ${datastoreVersion}, flavor ${flavorId}, ${String(volumeGb)} GB`;
}

/** Omits the few hundred megabytes that every new instance holds. */
export function changeWords(
  changes: Partial<Pick<Instance, "name" | "flavorId" | "volumeGb" | "usedGb" | "configurationId">>,
): string {
  const { name, flavorId, volumeGb, usedGb, configurationId } = changes;
  return [
    ...(name === undefined ? [] : [`is called ${name}`]),
    ...(flavorId === undefined ? [] : [`has flavor ${flavorId}`]),
    ...(volumeGb === undefined ? [] : [`has ${String(volumeGb)} GB`]),
    ...(usedGb === undefined || usedGb < 1 ? [] : [`holds ${String(usedGb)} GB of data`]),
    ...(configurationId === undefined ? [] : [configurationWords(configurationId)]),
  ].join(", ");
}

function configurationWords(id: string | null): string {
  return id === null ? "has no configuration" : `has configuration ${id}`;
}
