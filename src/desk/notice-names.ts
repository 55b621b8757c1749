/** Name of the cursor by which notices follow the journal. */
export const noticeFollower = 'desk-notices';
