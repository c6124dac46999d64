import { newQuickJSWASMModuleFromVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core';

let loading: Promise<QuickJSWASMModule> | undefined;

/**
 * The interpreter, compiled when it is first wanted. All sandboxes of the process share it: each has a runtime of its
 * own, with its own heap limit and no way to another's objects.
 */
export function loadQuickJs(): Promise<QuickJSWASMModule> {
  loading ??= newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-singlefile-cjs-release-sync'));
  return loading;
}

/** Has the next `loadQuickJs` compile another one: after a trap, nothing in this one's memory can be trusted. */
export function abandonQuickJs(): void {
  loading = undefined;
}
