export { EvaluationError } from './functions/evaluation-error.js';
export type { FunctionContext, FunctionSpec, ResultType } from './functions/function-spec.js';
export { BinaryValue, isObject, type ObjectValue, type TypeName, typeName, type Value } from './values/value.js';
