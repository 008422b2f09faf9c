import { cursor } from '../../../src/agents/cursor/index.ts';
import { testCases } from '../cases.ts';

testCases(cursor);
