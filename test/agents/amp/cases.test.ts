import { amp } from '../../../src/agents/amp/index.ts';
import { testCases } from '../cases.ts';

testCases(amp);
