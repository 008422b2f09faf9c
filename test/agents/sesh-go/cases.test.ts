import { seshGo } from '../../../src/agents/sesh-go/index.ts';
import { testCases } from '../cases.ts';

testCases(seshGo);
