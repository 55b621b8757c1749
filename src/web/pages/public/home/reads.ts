/** What the home page asks for; the server asks the same before it draws. */
export const notices = { query: { limit: 6 } } as const;
export const halls = { query: {} } as const;
export const results = { query: { kind: 'candidates', pageSize: 4 } } as const;
