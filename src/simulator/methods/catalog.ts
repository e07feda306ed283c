import { flavorOf } from "../../model/catalog.js";
import { type DatastoreVersion, type Flavor } from "../../model/datastores.js";
import { formatValue, NotFoundError } from "../../model/errors.js";
import type { PartOf } from "../clientKernel.js";

/** The operations of the API that list what an account can choose from. */
export interface CatalogMethods {
  /**
   * Returns the flavors of the catalog, in its order.
   *
   * @example
   * ```ts
   * console.log(sim.listFlavors().map(({ ramMb }) => ramMb).slice(0, 2)); // [ 512, 1024 ]
   * ```
   * @returns the flavors
   */
  listFlavors(): readonly Flavor[];

  /**
   * Returns a flavor of the catalog.
   *
   * @example
   * ```ts
   * console.log(sim.getFlavor(2).ramMb); // 1024
   * ```
   * @param flavorId - id of the flavor, as a string or an integer
   * @returns the flavor
   * @throws NotFoundError `flavor-exists`
   */
  getFlavor(flavorId: string | number): Flavor;

  /**
   * Returns the datastore versions of the catalog, in its order.
   *
   * @example
   * ```ts
   * console.log(sim.listDatastores().some(({ type }) => type === "mysql")); // true
   * ```
   * @returns the versions
   */
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
