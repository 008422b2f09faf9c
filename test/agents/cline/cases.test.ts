import { cline } from '../../../src/agents/cline/index.ts';
import { testCases } from '../cases.ts';

testCases(cline);
