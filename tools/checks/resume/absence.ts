/** Where a client's catch-up comes from, if it stays away while so many events of its channel pass. */
interface Absence {
  readonly chance: number;
  readonly eventsMin: number;
  readonly eventsMax: number;
}

/**
 * A gateway's ring holds a channel's last 256 events, its owner's memory 512, and a client is caught up with
 * at most 1,000. Each kind keeps its distance from these bounds, for more passes while a client connects.
 */
const kinds: readonly Absence[] = [
  { chance: 0.4, eventsMin: 0, eventsMax: 180 },
  { chance: 0.25, eventsMin: 290, eventsMax: 420 },
  { chance: 0.25, eventsMin: 560, eventsMax: 850 },
  { chance: 0.1, eventsMin: 1050, eventsMax: 1300 },
];

/** Draws how many events of its channel are to pass while a client is away; `random` gives 0 up to 1. */
export function drawAbsence(random: () => number): number {
  let rest = random();
  const kind = kinds.find(({ chance }) => {
    rest -= chance;
    return rest < 0;
  });
  const { eventsMin, eventsMax } = kind ?? kinds[0]!;
  return eventsMin + Math.floor(random() * (eventsMax - eventsMin + 1));
}
