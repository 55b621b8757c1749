/** Photos of the step: taken with the phone's camera or chosen; uploaded at once, named in the record by their hash. */
import { type ChangeEvent, useState } from 'react';
import type { Answer, Refusal } from '../../../api/client.ts';
import { useApiClient } from '../../../api/provider.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import type { Text } from './page.zh.ts';

export type Photo = Answer<'POST /api/witness/:subject/photos'>;
type PhotosProps = {
  readonly t: Text;
  readonly subject: string;
  readonly photos: readonly Photo[];
  readonly onChange: (photos: readonly Photo[]) => void;
};

export function Photos({ t, subject, photos, onChange }: PhotosProps) {
  const api = useApiClient();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.target;
    const files = [...(input.files ?? [])];
    setBusy(true);
    setRefusal(null);
    let kept = photos;
    for (const body of files) {
      const outcome = await api.call('POST /api/witness/:subject/photos', { params: { subject }, body });
      if (!outcome.ok) {
        setRefusal(outcome.refusal);
        break;
      }
      const { value } = outcome;
      if (!kept.some(({ sha256 }) => sha256 === value.sha256)) kept = [...kept, value];
    }
    onChange(kept);
    setBusy(false);
    input.value = '';
  };
  return (
    <div className="yg-field">
      <span className="yg-label">{t.photos}</span>
      <span className="help">{t.photosHelp}</span>
      <PhotoList t={t} subject={subject} photos={photos} />
      <div className="yg-actions">
        <label className="yg-button witness-file">
          {t.takePhoto}
          <input type="file" accept="image/jpeg,image/png" capture="environment" disabled={busy} onChange={take} />
        </label>
        <label className="yg-button witness-file">
          {t.choosePhoto}
          <input type="file" accept="image/jpeg,image/png" multiple disabled={busy} onChange={take} />
        </label>
        <span role="status">{busy ? t.uploading : ''}</span>
      </div>
      {refusal ? <RefusalNote refusal={refusal} /> : null}
    </div>
  );
}

type PhotoListProps = { t: Text; subject: string; photos: readonly { readonly sha256: string }[] };

export function PhotoList({ t, subject, photos }: PhotoListProps) {
  if (photos.length === 0) return null;
  return (
    <ul className="witness-photos">
      {photos.map(({ sha256 }, i) => (
        <li key={sha256}>
          <a href={`/api/witness/${subject}/photos/${sha256}`} target="_blank" rel="noreferrer">
            <img src={`/api/witness/${subject}/photos/${sha256}`} alt={t.photo(i + 1)} />
          </a>
        </li>
      ))}
    </ul>
  );
}
