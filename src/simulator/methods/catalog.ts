import { flavorOf } from "../../model/catalog.js";
import { type DatastoreVersion, type Flavor } from "../../model/datastores.js";
import { formatValue, NotFoundError } from "../../model/errors.js";
import type { PartOf } from "../clientKernel.js";

/** The operations of the API that list what an account can choose from. */
export interface CatalogMethods {
  /** The flavors on offer, in the order of the catalog. */
  listFlavors(): readonly Flavor[];

  /**
   * A flavor on offer.
   * @throws NotFoundError `flavor-exists`
   */
  getFlavor(flavorId: string | number): Flavor;

  /** The datastore versions on offer, in the order of the catalog. */
  listDatastores(): readonly DatastoreVersion[];
}

/** The implementation, given the kernel of a client. */
export const catalogMethods: PartOf<CatalogMethods> = {
  listFlavors: (client) => {
    client.looking("listFlavors");
    return client.view.catalog.flavors;
  },
  getFlavor: (client, flavorId) => {
    client.looking("getFlavor");
    const found = flavorOf(
      client.view.catalog,
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
  },
  listDatastores: (client) => {
    client.looking("listDatastores");
    return client.view.catalog.datastores;
  },
};
