import { UsageError, type ExitCode } from '../../core/errors.ts';
import type { Invocation } from '../command.ts';

/** `sesh judge` asks a model; its actions measure the judge, or work without asking anyone. Each is loaded only when it runs. */
export async function judgeActions(invocation: Invocation): Promise<ExitCode> {
  const { argument, second } = invocation;
  switch (argument) {
    case undefined:
      return await (await import('./judge.ts')).judge(invocation);
    case 'calibrate':
      return await (await import('./calibrate.ts')).judgeCalibrate({ ...invocation, argument: second });
    case 'label':
      return await (await import('./label.ts')).judgeLabel({ ...invocation, argument: second });
    case 'anchors':
      return await (await import('./anchors.ts')).judgeAnchors(invocation);
    case 'export-prompts':
      return await (await import('./exchange.ts')).judgeExport(invocation);
    case 'import':
      return await (await import('./exchange.ts')).judgeImport(invocation);
    default:
      throw new UsageError(
        `Expected nothing, calibrate, label, anchors, export-prompts or import after sesh judge, got "${argument}".`,
      );
  }
}
