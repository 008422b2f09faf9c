import { rooCode } from '../../../src/agents/roo-code/index.ts';
import { testCases } from '../cases.ts';

testCases(rooCode);
