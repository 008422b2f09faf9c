import { opencode } from '../../../src/agents/opencode/index.ts';
import { testCases } from '../cases.ts';

testCases(opencode);
