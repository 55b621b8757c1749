/** A project as anybody reads it. */
import type { Answer } from '../../../api/client.ts';

export type Project = Answer<'GET /api/projects/:id'>;
