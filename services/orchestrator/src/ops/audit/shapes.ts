import { Audited } from '@holdfast/shared/contracts/ops';
import Type from 'typebox';

export const AuditEntry = Audited;
export const auditFilter = {
  subject: Type.Optional(
    Type.String({ maxLength: 200, description: 'such as saga/<id>, letter/<id>, replay/<id>' }),
  ),
  operatorId: Type.Optional(Type.String({ format: 'uuid' })),
};
