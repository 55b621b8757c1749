/** The dialog that opens the person's key when something is to be signed. */
import { useApiClient } from '../api/provider.tsx';
import { useSession } from '../api/session.ts';
import { useSpeech } from '../i18n/provider.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Button } from '../kit/elements.tsx';
import { useDemoAccounts } from './demo-accounts.ts';
import { type OpenKey, useKey } from './key-context.ts';
import { KeyFileForm } from './key-file-form.tsx';
import { keyTexts } from './texts.ts';

type AskDialogProps = {
  readonly reason: string;
  readonly onOpen: (key: OpenKey) => void;
  readonly onClose: () => void;
};

export function AskDialog({ reason, onOpen, onClose }: AskDialogProps) {
  const { language, words } = useSpeech();
  const t = keyTexts[language];
  const { openFile, closeKey } = useKey();
  const session = useSession();
  const api = useApiClient();
  const demo = useDemoAccounts().find((account) => account.person === session?.person);
  const open = async (file: Uint8Array, passphrase: string) => {
    const key = await openFile(file, passphrase);
    if (session && session.certSha256 !== key.certSha256) {
      await closeKey();
      throw new Error(t.otherCertificate);
    }
    onOpen(key);
  };
  const openDemo = async () => {
    if (!demo) return;
    const file = await api.read('GET /demo/accounts/:id/key.p12', { params: { id: demo.id } });
    await open(new Uint8Array(await file.arrayBuffer()), demo.passphrase);
  };
  return (
    <Dialog open title={t.askTitle} onClose={onClose}>
      <p>{reason}</p>
      {demo ? (
        <Button kind="primary" onClick={() => void openDemo()}>
          {t.demoOpen(demo.name[language])}
        </Button>
      ) : null}
      <KeyFileForm
        onSubmit={open}
        beside={
          <Button kind="quiet" onClick={onClose}>
            {words.cancel}
          </Button>
        }
      />
    </Dialog>
  );
}
