import { flavorOf } from "../../domain/catalog.js";
import type { DatastoreVersion, Flavor } from "../../domain/entities.js";
import { formatValue, NotFoundError } from "../../domain/errors.js";
import { VerbBase } from "./base.js";

/** What an account can choose from. */
export class CatalogVerbs extends VerbBase {
  /** The flavors on offer, in the order of the catalog. */
  listFlavors(): readonly Flavor[] {
    this.looking("listFlavors");
    return this.view.catalog.flavors;
  }

  /**
   * A flavor on offer.
   * @throws NotFoundError `flavor-exists`
   */
  getFlavor(flavorId: string | number): Flavor {
    this.looking("getFlavor");
    const found = flavorOf(
      this.view.catalog,
      typeof flavorId === "number" ? String(flavorId) : flavorId,
    );
    if (found !== undefined) return found;
    throw new NotFoundError({
      code: "itemNotFound",
      rule: "flavor-exists",
      message: `flavor ${formatValue(flavorId)} not found`,
      field: "flavorId",
      value: flavorId,
    });
  }

  /** The datastore versions on offer, in the order of the catalog. */
  listDatastores(): readonly DatastoreVersion[] {
    this.looking("listDatastores");
    return this.view.catalog.datastores;
  }
}
