/** The public class: the documents that name no tenant, and what concerns the whole store, one line a method. */
import type {
  BackupOptions,
  BackupReport,
  SqliteTraceStoreOptions,
  StoreInfo,
  TenantListOptions,
  TenantPage,
  TenantTraceStore,
  VerifyOptions,
  VerifyReport,
} from '../index.js';
import { ID } from './check/checks.js';
import { validateArgument } from './check/shape.js';
import { Core } from './core.js';
import { storeInfo } from './info.js';
import { backup, verify } from './job/jobs.js';
import { listTenants } from './read/tenants.js';
import { resolveOptions } from './settings.js';
import { TenantStore } from './tenant-store.js';
import { View } from './view.js';

export class SqliteTraceStore extends TenantStore {
  readonly #core: Core;

  constructor(options: SqliteTraceStoreOptions) {
    const core = new Core(resolveOptions(options));
    super(new View(core, ''));
    this.#core = core;
  }

  forTenant(tenantId: string): TenantTraceStore {
    if (tenantId === '') return this;
    validateArgument('forTenant', 'tenantId', tenantId, ID);
    return new TenantStore(new View(this.#core, tenantId));
  }

  listTenants(options: TenantListOptions = {}): Promise<TenantPage> {
    return listTenants(this.#core, options);
  }

  info(): Promise<StoreInfo> {
    return storeInfo(this.#core);
  }

  backup(path: string, options: BackupOptions = {}): Promise<BackupReport> {
    return backup(path, options, (method, job) => this.#core.startJob(method, job));
  }

  verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    return verify(options, (method, job) => this.#core.startJob(method, job));
  }

  close(): Promise<void> {
    return this.#core.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
