import { pi } from '../../../src/agents/pi/index.ts';
import { testCases } from '../cases.ts';

testCases(pi);
