/** The pages in the navigation, and the key that follows `g` to go there. */
export const places = [
  { path: '/', name: 'Overview', key: 'o' },
  { path: '/sagas', name: 'Sagas', key: 's' },
  { path: '/parked', name: 'Parked', key: 'p' },
  { path: '/dead-letters', name: 'Dead letters', key: 'd' },
  { path: '/locks', name: 'Locks', key: 'l' },
  { path: '/doctor', name: 'Doctor', key: 'x' },
  { path: '/audit', name: 'Audit', key: 'a' },
] as const;
