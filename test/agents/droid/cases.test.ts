import { droid } from '../../../src/agents/droid/index.ts';
import { testCases } from '../cases.ts';

testCases(droid);
