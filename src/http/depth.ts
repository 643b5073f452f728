/**
 * Whether a tree has more levels than a number. Looks level by level: a tree made to exhaust the stack of
 * whoever walks it is found out without walking it.
 */
export function isDeeperThan<Node>(
  limit: number,
  root: Node,
  childrenOf: (node: Node) => readonly Node[],
): boolean {
  let level = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true
    level = level.flatMap(childrenOf)
  }
  return false
}
