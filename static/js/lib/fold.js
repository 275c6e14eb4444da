/* Old state + a frame = new state. The same rules as the server's snapshot, so that page and database agree.

   state = { seq, staff_seq, state, closes_at, announcements: [{seq, text, at}], questions: {id: question},
             slow: seconds, screen: question or null,
             waiting: {id: question}, rejected: {id: question}, assigned: {id: speaker}, muted: {participant: until},
             flooding: {participant: until}, floods: {flood: {flood, why, text, until}}, shield: bool, bursts: {id: votes}, notes: [{note, question, text, by, at, seen: [names]}], away: {speaker: since} }
   question = { question, text, nickname, topic, votes, at, answers: [{answer, text, speaker, at, edited}] } */

/** The state that a page starts from, of the server's snapshot. */
export function start(snapshot) {
  const { state, closes_at, seq, announcements, questions, slow, screen } = snapshot;
  const seen = { state, closes_at, seq, announcements, questions: keyed(questions), slow, screen };
  if (!("staff_seq" in snapshot)) return seen;
  const { staff_seq, waiting, rejected, muted, assigned, flooding, floods, shield, bursts, notes, away } = snapshot;
  return { ...seen, staff_seq, waiting: keyed(waiting), rejected: keyed(rejected), muted, assigned, flooding, floods, shield, bursts, notes, away };
}

const keyed = (questions) => Object.fromEntries((questions ?? []).map((question) => [question.question, question]));

const without = (table, id) => {
  const { [id]: _gone, ...rest } = table ?? {};
  return rest;
};

const changed = (table, id, change) => (table?.[id] ? { ...table, [id]: { ...table[id], ...change } } : table);

/** A question leaves the queue: who had it keeps it. */
function decided(state, id) {
  if (!state.waiting) return {};
  const speaker = state.waiting[id]?.assigned;
  return {
    waiting: without(state.waiting, id),
    assigned: speaker ? { ...state.assigned, [id]: speaker } : state.assigned,
  };
}

function put(state, data, at) {
  const { question, text, nickname, topic } = data;
  const votes = data.votes ?? state.waiting?.[question]?.votes ?? 0;
  return { ...state.questions, [question]: { question, text, nickname, topic, votes, at: data.at ?? at, answers: [] } };
}

function answered(state, data, at) {
  const known = state.questions[data.question];
  const questions =
    !known && "question_text" in data ? put(state, { ...data, text: data.question_text }, at) : state.questions;
  const question = questions[data.question];
  if (!question) return state;
  const { answer: id, text, speaker, source, link } = data;
  const from = { ...(source && { source }), ...(link && { link }) };
  const answer = { answer: id, text, speaker, ...from, at: data.at ?? at, edited: data.edited ?? false };
  const answers = [...question.answers.filter((other) => other.answer !== id), answer];
  return { ...state, ...decided(state, data.question), questions: changed(questions, data.question, { answers }) };
}

const edited = (answers, data) =>
  answers.map((answer) => (answer.answer === data.answer ? { ...answer, text: data.text, edited: true } : answer));

const gone = (state, id) => ({
  ...state,
  ...(state.waiting && { waiting: without(state.waiting, id), assigned: without(state.assigned, id) }),
  questions: without(state.questions, id),
});

const everywhere = (state, id, change) => ({
  ...state,
  questions: changed(state.questions, id, change),
  ...(state.waiting && { waiting: changed(state.waiting, id, change) }),
});

/** The two streams catch up one after the other, so a question may be public before it is asked. */
const asked = (state, data, at) =>
  state.questions[data.question]
    ? state
    : { ...state, waiting: { ...state.waiting, [data.question]: { ...data, at, assigned: null, votes: 0 } } };

/** A decision was taken back: the question waits again, unless it has been shown since. */
function returned(state, { by: _by, ...question }) {
  const rejected = without(state.rejected, question.question);
  if (state.questions[question.question]) return { ...state, rejected };
  return { ...state, rejected, waiting: { ...state.waiting, [question.question]: question } };
}

function redacted(state, { question, text, original }) {
  const { original: _before, ...known } = state.waiting[question] ?? {};
  if (!known.question) return state;
  const redaction = { ...known, text, ...(original && { original }) };
  return { ...state, waiting: { ...state.waiting, [question]: redaction } };
}

const seen = (notes, { notes: ids, by }) =>
  notes.map((note) => (ids.includes(note.note) ? { ...note, seen: [...new Set([...note.seen, by])].sort() } : note));

const noted = (notes, note) => (notes.some((known) => known.note === note.note) ? notes : [...notes, note]);

const KINDS = {
  "room.opened": (state, data) => ({ ...state, state: "open", closes_at: data.closes_at ?? state.closes_at }),
  "room.paused": (state) => ({ ...state, state: "paused" }),
  "room.closed": (state) => ({ ...state, state: "closed" }),
  announcement: (state, { text }, at, seq) => ({ ...state, announcements: [...state.announcements, { seq, text, at }] }),
  "question.published": (state, data, at) => {
    const known = state.questions[data.question];
    const questions = known ? state.questions : put(state, data, at);
    return { ...state, ...decided(state, data.question), questions };
  },
  "answer.published": answered,
  "answer.edited": (state, data) => {
    const question = state.questions[data.question];
    return question
      ? { ...state, questions: changed(state.questions, data.question, { answers: edited(question.answers, data) }) }
      : state;
  },
  "question.withdrawn": (state, { question }) => gone(state, question),
  "question.asked": asked,
  "question.assigned": (state, { question, speaker }) => {
    const assigned = speaker?.id ?? null;
    if (state.waiting[question]) return { ...state, waiting: changed(state.waiting, question, { assigned }) };
    if (!speaker) return { ...state, assigned: without(state.assigned, question) };
    return { ...state, assigned: { ...state.assigned, [question]: assigned } };
  },
  "question.tagged": (state, { question, topic }) => ({
    ...everywhere(state, question, { topic }),
    rejected: changed(state.rejected, question, { topic }),
  }),
  "question.merged": (state, { question, into, votes }) => everywhere(gone(state, question), into, { votes }),
  "question.rejected": (state, { question, reason }) => {
    const rejected = { ...state.rejected };
    if (state.waiting?.[question]) rejected[question] = { ...state.waiting[question], reason };
    return { ...state, waiting: without(state.waiting, question), rejected };
  },
  "participant.muted": (state, { participant, until }) => ({
    ...state,
    muted: { ...state.muted, [participant]: until },
  }),
  "question.returned": returned,
  "question.unmerged": (state, { from, votes }) => everywhere(state, from, { votes }),
  "question.redacted": redacted,
  "question.released": (state, { question, lane }) => ({ ...state, waiting: changed(state.waiting, question, { lane }) }),
  "participant.flooding": (state, { participant, until }) => ({
    ...state,
    flooding: { ...state.flooding, [participant]: until },
  }),
  "flood.begun": (state, data) => ({ ...state, floods: { ...state.floods, [data.flood]: data } }),
  "flood.ended": (state, { flood }) => ({ ...state, floods: without(state.floods, flood) }),
  "room.slowed": (state, { seconds }) => ({ ...state, slow: seconds }),
  "votes.burst": (state, { question, votes }) => ({ ...state, bursts: { ...state.bursts, [question]: votes } }),
  "room.shielded": (state, { on }) => ({ ...state, shield: on }),
  "screen.changed": (state, { question }) => ({ ...state, screen: question }),
  "note.written": (state, note) => ({ ...state, notes: noted(state.notes, note) }),
  "speaker.away": (state, { speaker, away }, at) => ({ ...state, away: away ? { ...state.away, [speaker]: at } : without(state.away, speaker) }),
  "note.seen": (state, data) => ({ ...state, notes: seen(state.notes, data) }),
};

/** The state after a frame; the very same object where the frame is old, or of a kind not known here. */
export function fold(state, frame) {
  if (frame.type === "tally") return tallied(state, frame.votes);
  if (frame.type !== "event") return state;
  const position = frame.stream === "staff" ? "staff_seq" : "seq";
  if (frame.seq <= state[position]) return state;
  const change = KINDS[frame.kind] ?? ((same) => same);
  return { ...change(state, frame.data, frame.at, frame.seq), [position]: frame.seq };
}

function tallied(state, votes) {
  let next = state;
  for (const [id, count] of Object.entries(votes)) {
    if (next.questions[id] && next.questions[id].votes !== count) next = everywhere(next, id, { votes: count });
  }
  return next;
}
