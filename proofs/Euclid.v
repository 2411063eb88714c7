(** Vectors and matrices over an ordered field: the inner product and what follows from it.
    The field is R in the notes beside the statements; nothing here needs more than its order. *)
Require Import Base.

(** The inner product [<u, v>]. *)
Definition dot (R : realFieldType) n (u v : 'cV[R]_n) : R :=
  \sum_i u i 0 * v i 0.

(** The square of the Euclidean norm. *)
Definition sqnorm (R : realFieldType) n (u : 'cV[R]_n) : R := dot u u.

(** Where a vector is not 0. *)
Definition support (R : realFieldType) p (s : 'cV[R]_p) : {set 'I_p} :=
  [set i | s i 0 != 0].

(** [lambda] is an eigenvalue of [M]. *)
Definition eigenvalue (R : realFieldType) p (M : 'M[R]_p) (lambda : R) : Prop :=
  exists2 x : 'cV[R]_p, x != 0 & M *m x = lambda *: x.

(** [lambda] is the smallest eigenvalue of [M] other than 0. *)
Definition smallest_nonzero_eigenvalue (R : realFieldType) p (M : 'M[R]_p)
    (lambda : R) : Prop :=
  [/\ lambda != 0, eigenvalue M lambda
    & forall mu, mu != 0 -> eigenvalue M mu -> lambda <= mu].

(** The columns of [Phi] are linearly independent. *)
Definition full_column_rank (R : realFieldType) n p
    (Phi : 'M[R]_(n, p)) : Prop :=
  forall x : 'cV[R]_p, Phi *m x = 0 -> x = 0.

(** A matrix and a vector from their entries, by rows. *)
Definition matrix_of (R : realFieldType) n p
    (rows : seq (seq R)) : 'M[R]_(n, p) :=
  \matrix_(i, j) nth 0 (nth [::] rows i) j.
Definition vector_of (R : realFieldType) n (entries : seq R) : 'cV[R]_n :=
  \col_i nth 0 entries i.

Section Euclid.
Variable R : realFieldType.

Section Vectors.
Variable n : nat.
Implicit Types u v w : 'cV[R]_n.

Lemma dotE u v : dot u v = (u^T *m v) 0 0.
Proof. by rewrite mxE; apply: eq_bigr => i _; rewrite mxE. Qed.

Lemma dotC u v : dot u v = dot v u.
Proof. by apply: eq_bigr => i _; rewrite mulrC. Qed.

Lemma dot0r u : dot u 0 = 0.
Proof. by rewrite /dot big1 // => i _; rewrite mxE mulr0. Qed.

Lemma dotDr u v w : dot u (v + w) = dot u v + dot u w.
Proof. by rewrite /dot -big_split; apply: eq_bigr => i _; rewrite mxE mulrDr. Qed.

Lemma dotZr a u v : dot u (a *: v) = a * dot u v.
Proof. by rewrite /dot mulr_sumr; apply: eq_bigr => i _; rewrite mxE mulrCA. Qed.

Lemma dotNr u v : dot u (- v) = - dot u v.
Proof. by rewrite -scaleN1r dotZr mulN1r. Qed.

Lemma dotBr u v w : dot u (v - w) = dot u v - dot u w.
Proof. by rewrite dotDr dotNr. Qed.

Lemma dotZl a u v : dot (a *: u) v = a * dot u v.
Proof. by rewrite dotC dotZr dotC. Qed.

Lemma dotBl u v w : dot (u - v) w = dot u w - dot v w.
Proof. by rewrite dotC dotBr !(dotC w). Qed.

Lemma dot_delta u i : dot u (delta_mx i 0) = u i 0.
Proof.
rewrite /dot (bigD1 i) //= !mxE !eqxx mulr1 big1 ?addr0 // => j /negbTE ji.
by rewrite !mxE ji mulr0.
Qed.

Lemma sqnormD u v : sqnorm (u + v) = sqnorm u + 2%:R * dot u v + sqnorm v.
Proof. by rewrite /sqnorm dotDr !(dotC (u + v)) !dotDr (dotC v u); ring. Qed.

Lemma sqnormZ a u : sqnorm (a *: u) = a ^+ 2 * sqnorm u.
Proof. by rewrite /sqnorm dotZl dotZr mulrA expr2. Qed.

Lemma sqnormN u : sqnorm (- u) = sqnorm u.
Proof. by rewrite -scaleN1r sqnormZ sqrrN expr1n mul1r. Qed.

Lemma sqnorm_ge0 u : 0 <= sqnorm u.
Proof. by apply: sumr_ge0 => i _; rewrite -expr2 sqr_ge0. Qed.

Lemma sqnorm_eq0 u : sqnorm u = 0 -> u = 0.
Proof.
move=> u0; apply/colP => i; rewrite mxE.
have u2 j : true -> 0 <= u j 0 * u j 0 by rewrite -expr2 sqr_ge0.
by have /eqP := psumr_eq0P u2 u0 (i := i) isT; rewrite mulf_eq0 orbb => /eqP.
Qed.

Lemma sqnorm_gt0 u : u != 0 -> 0 < sqnorm u.
Proof.
move=> u0; rewrite lt_neqAle sqnorm_ge0 andbT eq_sym.
by apply: contraNneq u0 => /sqnorm_eq0 ->.
Qed.

Lemma sqr_le_sqnorm u i : u i 0 ^+ 2 <= sqnorm u.
Proof.
by rewrite /sqnorm /dot (bigD1 i) //= expr2 lerDl sumr_ge0 // => j _; rewrite -expr2 sqr_ge0.
Qed.
End Vectors.

(** Phi^T is the adjoint of Phi. *)
Lemma adjoint n p (Phi : 'M[R]_(n, p)) x u : dot (Phi *m x) u = dot x (Phi^T *m u).
Proof. by rewrite !dotE trmx_mul mulmxA. Qed.

Lemma gram_form n p (Phi : 'M[R]_(n, p)) x : dot x (Phi^T *m Phi *m x) = sqnorm (Phi *m x).
Proof. by rewrite -mulmxA -adjoint. Qed.

(** The inequality of Cauchy and Schwarz. *)
Lemma sqr_dot n (u v : 'cV[R]_n) : dot u v ^+ 2 <= sqnorm u * sqnorm v.
Proof.
have [-> | /sqnorm_gt0 u0] := eqVneq u 0; first by rewrite dotC dot0r expr0n mulr_ge0 ?sqnorm_ge0.
have := sqnorm_ge0 (sqnorm u *: v + (- dot u v) *: u).
rewrite sqnormD !sqnormZ dotZl dotZr (dotC v u).
have -> : sqnorm u ^+ 2 * sqnorm v + 2%:R * (sqnorm u * (- dot u v * dot u v))
    + (- dot u v) ^+ 2 * sqnorm u = sqnorm u * (sqnorm u * sqnorm v - dot u v ^+ 2) by ring.
by rewrite pmulr_rge0 // subr_ge0.
Qed.

(** The normal equations have a solution. *)
Lemma gram_eq0 n p (D : 'M[R]_(n, p)) : D^T *m D = 0 -> D = 0.
Proof.
move=> D0; apply/matrixP => i j; rewrite [RHS]mxE.
have /sqnorm_eq0/colP/(_ i) : sqnorm (col j D) = 0.
  transitivity ((D^T *m D) j j); last by rewrite D0 mxE.
  by rewrite mxE; apply: eq_bigr => l _; rewrite !mxE.
by rewrite !mxE.
Qed.

Lemma normal_equations_solvable n p (D : 'M[R]_(n, p)) (y : 'cV[R]_n) :
  exists u : 'cV[R]_p, D^T *m D *m u = D^T *m y.
Proof.
have sub : (D <= D^T *m D)%MS.
  rewrite submxE; apply/eqP; apply: gram_eq0.
  by rewrite trmx_mul -mulmxA (mulmxA D^T) mulmx_coker mulmx0.
have /submxP [u e] : (y^T *m D <= D^T *m D)%MS := submx_trans (submxMl _ _) sub.
by exists u^T; apply: trmx_inj; rewrite !trmx_mul !trmxK e.
Qed.

Lemma singular p (N : 'M[R]_p) : N \notin unitmx -> exists2 x : 'cV[R]_p, x != 0 & N *m x = 0.
Proof.
rewrite -unitmx_tr -row_free_unit -kermx_eq0 => /rowV0Pn [v /sub_kermxP e v0].
exists v^T; first by rewrite trmx_eq0.
by apply: trmx_inj; rewrite trmx_mul trmxK e trmx0.
Qed.

(** With independent columns every vector of weights is Phi^T u for some u in their span. *)
Lemma dual n p (Phi : 'M[R]_(n, p)) (e : 'cV[R]_p) : full_column_rank Phi ->
  exists g, Phi^T *m (Phi *m g) = e.
Proof.
move=> rank; have [G | /singular [x x0 Gx]] := boolP (Phi^T *m Phi \in unitmx).
  by exists (invmx (Phi^T *m Phi) *m e); rewrite mulmxA mulKVmx.
case/eqP: x0; apply/rank/sqnorm_eq0.
by rewrite -gram_form Gx dot0r.
Qed.
End Euclid.
