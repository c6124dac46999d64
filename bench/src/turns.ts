/**
 * Everybody has a turn in each round, in another order each time. What the turns gave is listed for each, in the order of
 * the rounds.
 */
export async function inTurns<Who, T>(
  all: readonly Who[],
  rounds: number,
  turn: (who: Who) => Promise<T>,
): Promise<Map<Who, T[]>> {
  const given = new Map<Who, T[]>(all.map((who) => [who, []]));
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < all.length; place++) {
      const who = all[(round + place) % all.length]!;
      given.get(who)!.push(await turn(who));
    }
  }
  return given;
}
