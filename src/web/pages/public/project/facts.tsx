/** Terms, documents, answers and downloads of a project. */
import { shortHash, shortTime, sizeText } from '../../../i18n/format.ts';
import { useSpeech } from '../../../i18n/provider.tsx';
import { Card, Facts } from '../../../kit/elements.tsx';
import { Money } from '../../../parts/money.tsx';
import { Empty } from '../../../parts/states.tsx';
import type { Text } from './page.zh.ts';
import type { Project } from './project.ts';

type Props = { t: Text; project: Project };

export function Terms({ t, project }: Props) {
  return (
    <Card>
      <div className="yg-stack">
        {project.lots.map((lot) => (
          <div key={lot.id}>
            {project.lots.length > 1 ? <h3>{lot.name}</h3> : null}
            <p className="muted">{lot.ceilingFen ? t.ceiling : t.estimate}</p>
            <p className="yg-figure">
              <Money fen={lot.ceilingFen ?? lot.estimateFen} />
            </p>
            <Facts
              rows={[
                [t.bond, lot.bondFen === '0' ? '—' : <Money key="bond" fen={lot.bondFen} />],
                ...(lot.ceilingFen ? ([[t.estimate, <Money key="estimate" fen={lot.estimateFen} />]] as const) : []),
              ]}
            />
          </div>
        ))}
        <Facts
          rows={[
            [t.validity, t.validityDays(project.validityDays)],
            [t.room, project.schedule.openingRoom],
            ...(project.approval ? ([[t.approval, project.approval.number]] as const) : []),
          ]}
        />
        {project.qualification ? (
          <div>
            <h3>{t.qualification}</h3>
            <p>{project.qualification}</p>
          </div>
        ) : null}
      </div>
    </Card>
  );
}

export function Documents({ t, project }: Props) {
  return (
    <Card title={t.documents} flush>
      {project.documents.length === 0 ? (
        <div className="body">
          <Empty>{t.noDocuments}</Empty>
        </div>
      ) : (
        <ul className="yg-rows">
          {project.documents.map((document) => (
            <li key={document.sha256} className="yg-row">
              <span className="main">
                <a href={`/api/projects/${project.id}/documents/${document.sha256}`}>{document.name}</a>
                <br />
                <code className="faint">SHA-256 {shortHash(document.sha256)}</code>
              </span>
              <span className="small muted">{sizeText(document.bytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function Answers({ t, project }: Props) {
  const { language } = useSpeech();
  return (
    <>
      {project.notices.length > 0 ? (
        <Card title={t.notices} flush>
          <ul className="yg-rows">
            {project.notices.map((notice) => (
              <li key={notice.id}>
                <span className="small muted">{shortTime(notice.at, language)}</span>
                <p>{notice.text}</p>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
      <Card title={t.questions} flush>
        {project.answers.length === 0 ? (
          <div className="body">
            <Empty>{t.noQuestions}</Empty>
          </div>
        ) : (
          <ul className="yg-rows">
            {project.answers.map((answer) => (
              <li key={answer.id}>
                <p className="strong">{answer.question}</p>
                <p>{answer.answer}</p>
                <span className="small muted">{shortTime(answer.at, language)}</span>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

export function Downloads({ t, project }: Props) {
  return (
    <Card title={t.downloadable} flush>
      <ul className="yg-rows">
        <li>
          <a href={`/api/projects/${project.id}/bundles/public`}>{t.bundle}</a>
          <br />
          <span className="small muted">{t.bundleHelp}</span>
        </li>
        <li>
          <a href={`/api/projects/${project.id}/ocds`}>{t.ocds}</a>
        </li>
      </ul>
    </Card>
  );
}
