/**
 * What a program of this folder does: it is given the arguments of `runProgram`, and what it gives is printed. Then the
 * process ends, whatever threads and timers there are.
 */
export async function programBody<Args, Result>(body: (args: Args) => Promise<Result>): Promise<never> {
  const result = await body(JSON.parse(process.argv[2]!));
  console.log(JSON.stringify(result));
  process.exit();
}
