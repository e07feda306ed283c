import type { RuleContext } from "../../kernel/ruleContext.js";
import type { CommandOf, InputOf } from "../../model/commandTypes.js";
import { type PlaceInput, racksOf, zonesOf } from "../placement/placement.model.js";
import { type Rule, rule, type Violation } from "../shared/rule.js";

type Placed = CommandOf<"createInstance"> | CommandOf<"createReplica"> | CommandOf<"addReplica">;

const declared = {
  id: "known-place",
  source: "§11 [inferred]",
  code: "badRequest",
  field: "zone",
  description:
    "The zone exists in the region, and the rack in the zone, or in any zone if no zone is given.",
} as const;

/** The place of a new instance is one of the region. */
export function placeExists<C extends Placed>(): Rule<C> {
  return rule<C>({
    ...declared,
    violation: (command, context) => placeViolation(command, context),
  });
}

/** The same for each node of a new group. */
export const nodePlacesExist = rule<CommandOf<"createHaGroup">>({
  ...declared,
  violation: ({ source, replicas }, context) => {
    const nodes: readonly (readonly [string, InputOf<"createHaGroup">["source"]])[] = [
      ["source", source],
      ...replicas.map((node, at) => [`replicas[${String(at)}]`, node] as const),
    ];
    for (const [path, node] of nodes) {
      const found = placeViolation(node, context, `${path}.`);
      if (found !== undefined) return found;
    }
    return undefined;
  },
});

/** Returns why a place is none of the region, with the field under a path. */
export function placeViolation(
  { zone, rack }: PlaceInput,
  { placement }: RuleContext,
  path = "",
): Violation | undefined {
  // Most requests name no place.
  if (zone === undefined && rack === undefined) return undefined;
  const zones = zonesOf(placement);
  if (zone !== undefined && !zones.includes(zone)) {
    const message = `there is no ${zone}: the option placement gives ${zones.join(", ")}`;
    return { message, field: `${path}zone`, value: zone, allowed: zones };
  }
  const racks = racksOf(placement, zone);
  if (rack === undefined || racks.includes(rack)) return undefined;
  const where = zone ?? "the region";
  const message = `there is no ${rack} in ${where}: it has ${racks.join(", ")}`;
  return { message, field: `${path}rack`, value: rack, allowed: racks };
}
