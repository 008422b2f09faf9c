import { gptme } from '../../../src/agents/gptme/index.ts';
import { testCases } from '../cases.ts';

testCases(gptme);
