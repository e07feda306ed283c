/** What the tests need of pkgcloud, which brings no types of its own. */
declare module "pkgcloud" {
  interface Failure extends Error {
    readonly statusCode?: number;
    readonly result?: Readonly<Record<string, { readonly code: number; readonly message: string }>>;
  }
  type Callback<T> = (error: Failure | null, result: T, more?: string | null) => void;

  interface Instance {
    readonly id: string;
    readonly name: string;
    readonly status: string;
    setWait(
      wanted: { readonly status: string },
      intervalMs: number,
      callback: Callback<Instance>,
    ): void;
  }

  interface Flavor {
    readonly id: string | number;
    readonly name: string;
    readonly ram: number;
    readonly href: string;
  }

  interface DatabaseClient {
    createInstance(options: object, callback: Callback<Instance>): void;
    getInstances(options: object, callback: Callback<readonly Instance[]>): void;
    getInstance(instance: Instance | string, callback: Callback<Instance>): void;
    restartInstance(instance: Instance | string, callback: Callback<unknown>): void;
    setVolumeSize(instance: Instance | string, sizeGb: number, callback: Callback<unknown>): void;
    destroyInstance(instance: Instance | string, callback: Callback<unknown>): void;
    getFlavors(callback: Callback<readonly Flavor[]>): void;
    createDatabase(options: object, callback: Callback<unknown>): void;
    getDatabases(options: object, callback: Callback<readonly { readonly name: string }[]>): void;
    createUser(options: object, callback: Callback<unknown>): void;
    getUsers(options: object, callback: Callback<readonly { readonly name: string }[]>): void;
    _request(
      request: {
        readonly method?: string;
        readonly path: string;
        readonly qs?: object;
        readonly body?: object;
      },
      callback: Callback<unknown>,
    ): void;
  }

  const database: { createClient(options: object): DatabaseClient };

  export type { DatabaseClient, Failure, Flavor, Instance };
  export { database };
}
