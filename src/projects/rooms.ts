/** The calendar of rooms: one opening and one evaluation room per procedure at a time, never booked twice. */
import type { Tx } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { ProjectState } from './state.ts';

type Booking = {
  readonly purpose: 'opening' | 'evaluation';
  readonly room: string;
  readonly starts: string;
  readonly ends: string;
};

const openingHours = 3;
const evaluationHours = 9;

/** The bookings that a schedule asks for: the opening room from the deadline, the evaluation room after it. */
export function bookingsOf({ schedule }: Pick<ProjectState, 'schedule'>): Booking[] {
  if (schedule.deadline === '') return [];
  const deadline = Temporal.Instant.from(schedule.deadline);
  const after = (hours: number) => deadline.add({ hours }).toString({ smallestUnit: 'microsecond' });
  return [
    { purpose: 'opening' as const, room: schedule.openingRoom, starts: schedule.deadline, ends: after(openingHours) },
    {
      purpose: 'evaluation' as const,
      room: schedule.evaluationRoom,
      starts: after(openingHours),
      ends: after(openingHours + evaluationHours),
    },
  ].filter((b) => b.room !== '');
}

/** Rooms of the schedule that another project has at the time; the lock on the room makes two bookers wait for each other. */
export async function takenRooms(tx: Tx, state: ProjectState): Promise<string[]> {
  const taken: string[] = [];
  // In one order for everybody, so that two bookers of the same rooms cannot wait for each other in a circle.
  for (const { room, starts, ends } of bookingsOf(state).toSorted((a, b) => (a.room < b.room ? -1 : 1))) {
    await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 3))', [room]);
    const rows = (await tx.em.execute(
      'select 1 as one from room_booking where room = ? and project <> ? and starts < ? and ends > ? limit 1',
      [room, state.id, ends, starts],
    )) as Row[];
    if (rows.length > 0) taken.push(room);
  }
  return taken;
}

/** Writes the bookings of a published project; a terminated one gives its rooms back. */
export async function keepBookings(tx: Tx, state: ProjectState): Promise<void> {
  if (state.status === 'registered') return;
  await tx.em.execute('delete from room_booking where project = ?', [state.id]);
  if (state.status !== 'published') return;
  for (const { purpose, room, starts, ends } of bookingsOf(state))
    await tx.em.execute('insert into room_booking (room, project, purpose, starts, ends) values (?, ?, ?, ?, ?)', [
      room,
      state.id,
      purpose,
      starts,
      ends,
    ]);
}
