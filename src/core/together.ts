/** As `Promise.all`, but an error is told when all have ended: nobody closes what the others still use. */
export async function together<Asked extends readonly unknown[] | []>(
  asked: Asked,
): Promise<{ -readonly [Place in keyof Asked]: Awaited<Asked[Place]> }> {
  await Promise.allSettled(asked);
  return await Promise.all(asked);
}
