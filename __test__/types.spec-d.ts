/** Checked by tsc alone: the declared contract and the compiled classes are the same. */
/* oxlint-disable typescript/no-explicit-any, typescript/no-unnecessary-type-parameters -- `any` is the contract's, and comparing types takes parameters that occur once */
import type * as contract from 'tracestore';
import type * as compiled from '../lib/index.js';
import type * as document from './support/interface-document.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Assignable<From, To> = [From] extends [To] ? true : false;
/** Private members make classes nominal; this is what users can reach. */
type Public<T> = Pick<T, keyof T>;
function check<_Claim extends true>(): void {}

type DeclaredStore = contract.SqliteTraceStore;
type CompiledStore = compiled.SqliteTraceStore;
check<Same<keyof DeclaredStore, keyof CompiledStore>>();
check<Assignable<CompiledStore, DeclaredStore>>();
check<Assignable<Public<DeclaredStore>, Public<CompiledStore>>>();
check<Assignable<DeclaredStore, contract.TraceStore>>();
check<
  Same<
    ConstructorParameters<typeof contract.SqliteTraceStore>,
    ConstructorParameters<typeof compiled.SqliteTraceStore>
  >
>();

type DeclaredError = contract.TraceStoreError;
type CompiledError = compiled.TraceStoreError;
check<Same<keyof DeclaredError, keyof CompiledError>>();
check<Assignable<CompiledError, DeclaredError>>();
check<Assignable<DeclaredError, CompiledError>>();
check<
  Same<
    ConstructorParameters<typeof contract.TraceStoreError>,
    ConstructorParameters<typeof compiled.TraceStoreError>
  >
>();

check<Same<keyof typeof contract, keyof typeof compiled>>();

// The signatures of the requirements document, to the letter.
type Method<Name extends keyof contract.TraceStore> = contract.TraceStore[Name];
check<Same<Method<'startTrace'>, (trace: contract.TraceInput) => Promise<void>>>();
check<Same<Method<'endTrace'>, (traceId: string, result: contract.TraceEndInput) => Promise<void>>>();
check<Same<Method<'addSpan'>, (span: contract.SpanInput) => Promise<void>>>();
check<
  Same<Method<'setApiIO'>, (traceId: string, io: { apiInput?: any; apiOutput?: any }) => Promise<void>>
>();
check<Same<Method<'upsertSession'>, (session: contract.Session) => Promise<void>>>();
check<Same<Method<'ensureConfigSnapshot'>, (snapshot: contract.ConfigSnapshot) => Promise<void>>>();
check<Same<Method<'getConfigSnapshot'>, (snapshotId: string) => Promise<contract.ConfigSnapshot | null>>>();
check<Same<Method<'getTrace'>, (traceId: string) => Promise<contract.Trace | null>>>();
check<Same<Method<'listTraces'>, (filter: contract.TraceFilter) => Promise<contract.TracePage>>>();
check<Same<Method<'getSpans'>, (traceId: string) => Promise<contract.Span[]>>>();
check<Same<Method<'getSession'>, (sessionId: string) => Promise<contract.Session | null>>>();
check<Same<Method<'listSessions'>, (filter: contract.SessionFilter) => Promise<contract.SessionPage>>>();
check<Same<Method<'setTraceScores'>, (traceId: string, scores: Record<string, number>) => Promise<void>>>();
check<Same<Method<'setTraceTags'>, (traceId: string, tags: string[]) => Promise<void>>>();

// A store is what the interface document says, as it says it; its documents are those that the store reads and lists.
check<Assignable<contract.SqliteTraceStore, document.TraceStore>>();
check<Assignable<contract.TraceStore, document.TraceStore>>();
check<Assignable<contract.SqliteTraceStore, contract.TenantTraceStore>>();
check<Same<ReturnType<DeclaredStore['forTenant']>, ReturnType<CompiledStore['forTenant']>>>();
check<Assignable<document.TraceFilter, contract.TraceFilter>>();
check<Assignable<document.SessionFilter, contract.SessionFilter>>();
check<Assignable<document.Session, contract.Session>>();
check<Assignable<document.ConfigSnapshot, contract.ConfigSnapshot>>();
check<Assignable<document.Span, contract.SpanInput>>();

// A span read back can be written again; a misspelt key cannot.
check<Assignable<contract.Span, contract.SpanInput>>();
declare const store: contract.TraceStore;
declare const span: contract.SpanInput;
// @ts-expect-error -- a key that the contract does not name
void store.addSpan({ ...span, durationMS: 5 });

// A page that was not to be counted has no total; every other has one.
declare const sqlite: contract.SqliteTraceStore;
check<Same<Awaited<ReturnType<typeof countless>>, contract.UncountedPage<contract.TracePage>>>();
check<Same<Awaited<ReturnType<typeof counted>>, contract.TracePage>>();
const countless = () => sqlite.listTraces({ agentName: 'a', total: false });
const counted = () => sqlite.listTraces({ agentName: 'a', total: true });
// @ts-expect-error -- absent
void sqlite.listSessions({ total: false }).then(({ total }) => total);

// What users add by augmentation is typed on the way in and on the way out, though the interfaces lie in other files.
declare module 'tracestore' {
  interface TraceInput {
    release?: string;
  }
  interface Trace {
    release?: string;
  }
}
declare const augmented: contract.TraceInput;
void store.startTrace({ ...augmented, release: '1.2' });
// @ts-expect-error -- what was added has a type
void store.startTrace({ ...augmented, release: 7 });
check<Same<contract.Trace['release'], string | undefined>>();
check<Same<NonNullable<Awaited<ReturnType<typeof store.getTrace>>>['release'], string | undefined>>();
check<Same<contract.Trace['traceId'], string>>();

// Spans come in pages if they are asked for with options, and all at once otherwise.
const allOfThem = () => sqlite.getSpans('t');
const someOfThem = () => sqlite.getSpans('t', { limit: 5 });
check<Same<Awaited<ReturnType<typeof allOfThem>>, contract.Span[]>>();
check<Same<Awaited<ReturnType<typeof someOfThem>>, contract.SpanPage>>();
// @ts-expect-error -- the contract's method has no options
void store.getSpans('t', { limit: 5 });
